"""Lesson 8: step through an episode, see what each action gets (slides: Reinforcement learning · MDPs · REINFORCE)."""
