"""Pages of reviews: the list and the form, the diff with its fragments, conversations, and the rules' documentation."""
