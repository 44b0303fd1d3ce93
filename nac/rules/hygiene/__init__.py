"""Other people's data, and messages to more people than was meant: rules NAC603 to NAC608."""
