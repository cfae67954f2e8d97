"""What people see: the NHS design system, figures, tables, charts, forms and downloads. It knows no capability."""
