"""Values → text for people and data for machines. No decision is taken here."""
