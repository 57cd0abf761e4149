"""Pages and walks in a real browser, with the demonstration loaded once for all of them."""
