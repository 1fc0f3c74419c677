"""Commands for whoever runs Coursewright: looking, repairing, keeping and bringing back."""
