"""What the five functions share: the rules for an item, HTTP, and the table."""
