"""The decoder process: untrusted pictures become pixels here, without network and in a cage."""
