"""When and where something was taken."""
