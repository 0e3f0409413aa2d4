// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_session.hpp"

#include <list>
#include <string>

namespace bulla::oci {

/// One upload from before its session is asked for until it ended. Lists itself for abort_uploads
/// (registry_repository.hpp) while it is on its way, and cancels its session unless it was
/// completed. Once abort_uploads runs, cancelling is its business: the process may end at any
/// moment, and only that thread is waited for.
class OpenUpload {
  public:
    explicit OpenUpload(RegistrySession& session);
    ~OpenUpload();
    OpenUpload(const OpenUpload&) = delete;
    OpenUpload& operator=(const OpenUpload&) = delete;

    /// cancelled once abort_uploads runs: from then on no session is asked for and nothing is sent
    /// to those that are there.
    static Status may_go_on();

    /// The registry named the session, or gave it a new name after a part of the content. What was
    /// being sent has arrived. An error as of may_go_on.
    Status named(std::string location);

    /// Where the content goes; empty until it was named.
    const std::string& location() const;

    /// From here to the next `named`, `complete` or the end, content is on its way. An interruption
    /// waits a moment for its end, because some registries cancel only what has settled.
    void sending();

    void complete();

  private:
    struct Entry;
    friend void abort_uploads(http::HttpClient& client);
    struct All;
    static All& all();

    std::list<Entry>::iterator entry_;
};

} // namespace bulla::oci
