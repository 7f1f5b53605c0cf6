"""What Seatflow needs in Azure and Entra; see README.md."""
