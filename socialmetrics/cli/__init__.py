"""The command line `socialmetrics`: the public interface, for shells and scripts."""
