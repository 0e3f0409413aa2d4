// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http/transfer.hpp"

#include <curl/curl.h>

#include <memory>
#include <string>

namespace bulla::http {

/// One libcurl transfer with everything it points at. Used by the network thread only.
class EasyHandle {
  public:
    /// Sets every option of an exchange; `easy()` is null if the library has no memory.
    static EasyHandle make(std::shared_ptr<Transfer> transfer);

    CURL* easy() const { return easy_.get(); }

    Transfer& transfer() const { return *transfer_; }

    /// The library's words about a failure.
    std::string detail() const { return error_text_ ? error_text_.get() : ""; }

  private:
    struct EasyDeleter {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };

    struct ListDeleter {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    void set_security();
    void set_limits();
    void set_headers();
    void set_body();

    std::shared_ptr<Transfer> transfer_; ///< shared with the caller, who may leave first
    std::unique_ptr<char[]> error_text_;
    std::unique_ptr<curl_slist, ListDeleter> headers_;
    std::unique_ptr<CURL, EasyDeleter> easy_; ///< last: released before what it points at
};

} // namespace bulla::http
