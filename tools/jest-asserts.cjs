// A test that compares nothing has proven nothing: it fails.
beforeEach(() => expect.hasAssertions());
