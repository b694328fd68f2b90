"""What the types of a project are made of, and how well what lies together belongs together."""
