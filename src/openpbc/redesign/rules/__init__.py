"""What a case must hold, and when it may move on."""
