"""What people read: its language, sentences, words of records, and sentences read back from a file."""
