"""The roof: settings, addresses, the command line and the demo. Rooms register what they offer; site joins it."""
