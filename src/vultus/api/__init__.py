"""The door: requests over HTTP, who signed them, and the shape of what goes back."""
