package history.access;

import java.util.Objects;

/** Which release this is. */
public final class Release {
    /** As the jar has it. */
    public static final String VERSION =
            Objects.requireNonNullElse(Release.class.getPackage().getImplementationVersion(), "of this working copy");

    private Release() {}
}
