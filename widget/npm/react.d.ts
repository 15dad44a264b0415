import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from "react";
import type { CommonOptions, MountedInterview, TokenOptions } from "./index.js";

/**
 * The options of `mount`, and whatever else a `<div>` may have. A new identity of a callback or of `theme` is no change;
 * another token, mode or locale begins anew. `onClose` is called when the person closes a pop-up or the handle is
 * unmounted, not when React takes the component away.
 */
export type InterviewProps = Omit<HTMLAttributes<HTMLDivElement>, keyof CommonOptions | "children"> & CommonOptions & TokenOptions;

/** An interview; `ref.current` is its handle from the first effect on. */
export declare const Interview: ForwardRefExoticComponent<InterviewProps & RefAttributes<MountedInterview>>;
