"""The course from its written modules: stage 4's last step. Pure."""
