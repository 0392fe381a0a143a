"""A second opinion on the retail pack: truth from its tables, and what its texts state."""
