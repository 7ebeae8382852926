"""The pages of an edition, a folder per page: what it reads, its template, its style."""
