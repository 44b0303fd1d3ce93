"""What the files of a project say of one another: rules NAC410 to NAC420."""
