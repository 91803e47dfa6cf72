"""SendGrid: up to 1,000 subscribers a call, over the sendgrid package."""
