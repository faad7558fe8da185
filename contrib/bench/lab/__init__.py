"""What the programs of contrib/bench share: processes, zones, servers, load and tables."""
