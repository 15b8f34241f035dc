"""Predict which customers leave."""
