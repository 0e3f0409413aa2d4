// SPDX-License-Identifier: Apache-2.0
#include "oci/store/check_login.hpp"

#include "oci/store/registry_session.hpp"

namespace bulla::oci {

namespace {

/// The login that was typed, and whether it was needed.
class TypedLogin final : public CredentialSource {
  public:
    explicit TypedLogin(const Login& login) : login_(login) {}

    Result<Login> find(std::string_view, std::string_view, Access) override {
        asked_ = true;
        return login_;
    }

    std::string places() const override { return {}; }

    bool asked() const { return asked_; }

  private:
    const Login& login_;
    bool asked_ = false; ///< one thread asks
};

constexpr const char* kHint =
    "check the user name; many registries want an access token instead of the account's password";

} // namespace

Result<LoginCheck>
check_login(const Reference& registry, const Login& login, const RegistryOptions& options) {
    TypedLogin typed(login);
    RegistryOptions asking{.client = options.client, .credentials = typed};
    asking.plain_http = options.plain_http;
    asking.logger = options.logger;
    RegistrySession session(registry, asking);
    http::Request request;
    BULLA_TRY_ASSIGN(request.url, session.root_url());
    auto response = session.send(std::move(request), Access::pull);
    if (!response && typed.asked() && response.error().code == ErrorCode::unavailable) {
        return std::move(response.error()).with_hint(kHint);
    }
    if (!response) {
        return std::move(response.error());
    }
    if (response->status != 200) {
        return session.error(*response, "its API (/v2/)").with_hint(kHint);
    }
    return typed.asked() ? LoginCheck::accepted : LoginCheck::not_asked;
}

} // namespace bulla::oci
