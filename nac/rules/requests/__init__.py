"""What goes out to SuprSend, where each request by itself would be taken: rules NAC510 to NAC517."""
