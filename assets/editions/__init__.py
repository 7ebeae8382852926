"""What is published: immutable, complete, numbered; it appears in one move or not at all."""
