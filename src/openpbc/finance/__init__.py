"""Finance: the allocation, the plan, fair shares and the budgets of groups, each as rules that explain themselves."""
