// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bulla::cli {

/// "0.1.0", from the project's build description.
extern const char* const kVersion;

/// The first 12 digits of the commit this was built from; empty if built outside a checkout.
extern const char* const kCommit;

/// What --version prints after the program's name: "0.1.0 (9f2c…)", or "0.1.0" without a commit.
extern const char* const kVersionText;

} // namespace bulla::cli
