"""What a month in Azure costs: quantities from schedules and measurements, times prices."""
