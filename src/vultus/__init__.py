"""Vultus: who is in your photos, through the API of Alibaba Cloud IMM."""
