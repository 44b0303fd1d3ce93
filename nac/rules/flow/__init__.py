"""Variable flow: what templates read against what triggers give, and events against their declared schemas."""
