"""Pure rules of activity: checks, attribution, classing, pricing. They import the kernel alone."""
