"""The roof: settings, addresses, the command line and the demo. The only room that knows all others."""
