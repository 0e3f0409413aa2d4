// SPDX-License-Identifier: Apache-2.0
#include "base/http/trust_roots.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"

#include <curl/curl.h>
#include <dirent.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace bulla::http {

namespace {

std::size_t certificates_in(const std::string& path) {
    const auto pem = read_file(path, limits::kTrustFileBytes);
    if (!pem) {
        return 0;
    }
    std::size_t count = 0;
    for (const std::string_view begin :
         {"-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----"}) {
        for (auto at = pem->find(begin); at != Bytes::npos; at = pem->find(begin, at + 1)) {
            ++count;
        }
    }
    return count;
}

/// "2e5ac55d.0": what OpenSSL looks for in a folder of certificates.
bool is_hash_name(std::string_view name) {
    constexpr std::size_t kDigits = 8;
    return name.size() > kDigits + 1 && name[kDigits] == '.' &&
           std::ranges::all_of(name.substr(0, kDigits), text::is_lower_hex) &&
           std::ranges::all_of(name.substr(kDigits + 1), text::is_digit);
}

std::size_t names_in(const std::string& path) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
    std::size_t count = 0;
    while (folder != nullptr) {
        const dirent* const entry = ::readdir(folder.get());
        if (entry == nullptr) {
            break;
        }
        count += is_hash_name(&entry->d_name[0]) ? 1U : 0U;
    }
    return count;
}

std::string variable_or(const char* name, const char* otherwise, bool& named) {
    const char* const value = std::getenv(name);
    named = value != nullptr && *value != '\0';
    if (named) {
        return value;
    }
    return otherwise != nullptr ? otherwise : "";
}

} // namespace

TrustRoots find_trust_roots() {
    const std::unique_ptr<CURL, void (*)(CURL*)> easy(curl_easy_init(), &curl_easy_cleanup);
    char* file = nullptr;
    char* folder = nullptr;
    curl_easy_getinfo(easy.get(), CURLINFO_CAINFO, &file);
    curl_easy_getinfo(easy.get(), CURLINFO_CAPATH, &folder);
    TrustRoots roots;
    roots.file = variable_or("SSL_CERT_FILE", file, roots.file_is_named);
    roots.folder = variable_or("SSL_CERT_DIR", folder, roots.folder_is_named);
    roots.file_count = roots.file.empty() ? 0 : certificates_in(roots.file);
    roots.folder_count = roots.folder.empty() ? 0 : names_in(roots.folder);
    return roots;
}

} // namespace bulla::http
