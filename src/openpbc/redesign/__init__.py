"""From an idea to an approved case: priorities, joint groups, pathways, specifications and the case for change."""
