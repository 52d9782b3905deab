"""What the command line does without a screen: one file a command, loaded only when that command is given."""
