"""The engines that read, by name. Only this folder may import a vendor of remote or generative models."""
