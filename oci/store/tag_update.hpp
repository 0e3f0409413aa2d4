// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <functional>
#include <string>

namespace bulla::oci {

/// Changes what a tag holds where nothing keeps other writers out: see Repository::update_tag for
/// the contract.
///
/// No registry honours a condition on the write (If-Match is ignored by docker-registry 2.8.2, zot
/// and go-containerregistry's), so another writer who had read the tag before our write may replace
/// it after we looked. He holds an old reading from his last read until his write is through. We
/// know how long that took us, and how slow the registry's slowest answer was; we ask nothing
/// between the two, and look only after three times the longer of these. If the tag has changed by
/// then, others are at work and may be slower than we were: we look again after a longer pause, and
/// after each loss we add our part to what is there and write again, at a moment of our own.
///
/// What remains: a writer who is held up between his last read and the end of his write for longer
/// than we wait, and whom nothing announced.
Result<StoredManifest>
update_shared_tag(Repository& repository, const std::string& tag, const NextContent& next);

} // namespace bulla::oci
