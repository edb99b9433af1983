"""Pages that cut across rooms: Today, the customer list, the customer page. No models."""
