"""What happens to the customers of a shop: the session's stream and clock in, facts out."""
