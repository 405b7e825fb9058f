"""The ground floor: places, their relationships, and what stands behind them."""
