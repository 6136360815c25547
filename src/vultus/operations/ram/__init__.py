"""The operations of RAM: who may do what, administered as at Alibaba Cloud."""
