"""The models: what is known of them, how their files are had, and what runs them."""
