"""What an operator must know: how much of the site we have, what is unlike before, and who is told."""
