"""The picture-book world: sampled, drawn, described and masked."""
