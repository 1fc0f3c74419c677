"""The classroom: people, schools and cohorts, over REST."""
