"""Reports that come by themselves: which, to whom, as what."""
