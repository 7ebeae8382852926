"""What an edition shows, whoever shows it: its tables, the mark of synthetic answers, the symbols, the terms of use."""
