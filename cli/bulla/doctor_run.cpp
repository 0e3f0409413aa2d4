// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/bulla/child_program.hpp"
#include "cli/bulla/doctor.hpp"
#include "cli/bulla/find_step.hpp"
#include "cli/bulla/front_door.hpp"
#include "cli/bulla/machine.hpp"
#include "cli/common/config.hpp"
#include "cli/common/version.hpp"

#include <unistd.h>

#include <chrono>

namespace bulla::cli {

namespace {

using Level = Finding::Level;

constexpr std::chrono::seconds kVersionTime{10};
/// A registry that does not answer is asked again some times before that is the answer.
constexpr std::chrono::minutes kRegistryTime{5};

std::string first_line(std::string_view text) {
    return std::string(text::take_until(text, '\n'));
}

/// What `bulla-STEP --version` prints behind the name, or why it does not.
std::string version_of(const std::string& name, const std::string& path) {
    const auto ran = run_program(path, {"--version"}, kVersionTime);
    if (!ran) {
        return ran.error().message;
    }
    const std::string line = first_line(ran->out);
    if (ran->exit != 0 || !line.starts_with(name + " ")) {
        return "does not say its version";
    }
    return line.substr(name.size() + 1);
}

/// All steps have to be there and be of one build: they share formats and the cache.
Finding check_programs() {
    Finding finding{.check = "programs", .facts = {{"bulla", kVersionText}}};
    bool missing = false;
    bool differ = false;
    for (const auto& step : steps()) {
        const std::string name = "bulla-" + std::string(step.name);
        const auto path = find_step(step.name);
        const std::string version = path.empty() ? "not installed" : version_of(name, path);
        missing = missing || path.empty();
        differ = differ || (!path.empty() && version != kVersionText);
        finding.facts.push_back({name, path.empty() ? version : version + ", " + path});
    }
    finding.text = "all are there, and of one version";
    if (missing || differ) {
        finding.level = Level::problem;
        finding.text = missing ? "some are not installed" : "they are not of one version";
        finding.hint = "install all programs of one release into one folder";
    }
    return finding;
}

Finding check_config(const CommonOptions& options) {
    const auto file = find_config(options.config);
    if (!file || ::access(file->path.c_str(), F_OK) != 0) {
        return {.check = "config", .text = "no config file"};
    }
    // A file with a mistake has ended this run already, as it would end any other.
    return {.check = "config", .text = file->path};
}

std::vector<std::string> words_for_oci(const DoctorOptions& options, const CommonOptions& common) {
    std::vector<std::string> words{"doctor", "--output=json"};
    if (common.offline) {
        words.emplace_back("--offline");
    }
    if (common.config) {
        words.push_back("--config=" + *common.config);
    }
    if (options.plain_http) {
        words.emplace_back("--plain-http");
    }
    if (options.registry) {
        words.insert(words.end(), {"--", *options.registry});
    }
    return words;
}

/// What needs a network or credentials: the findings of bulla-oci.
Result<std::vector<Finding>>
ask_oci(const DoctorOptions& options, const CommonOptions& common, Level programs) {
    const auto path = find_step("oci");
    if (path.empty()) {
        return std::vector<Finding>(); // check_programs has said so
    }
    auto ran = run_program(path, words_for_oci(options, common), kRegistryTime);
    // Of the same version it knows the command, so what it does not like is what the user typed.
    if (programs == Level::ok && ran && ran->exit == static_cast<int>(ExitCode::usage)) {
        std::string message = first_line(ran->err);
        constexpr std::string_view kStart = "bulla-oci: error: ";
        return Error{ErrorCode::usage,
                     message.starts_with(kStart) ? message.substr(kStart.size()) : message};
    }
    auto findings = ran ? parse_findings(ran->out) : Result<std::vector<Finding>>(ran.error());
    if (findings) {
        return findings;
    }
    Finding failed{.check = "bulla-oci",
                   .level = Level::problem,
                   .text = "`bulla-oci doctor` gave no report: " + findings.error().message,
                   .hint = "run `bulla-oci doctor` by itself"};
    if (ran && !ran->err.empty()) {
        failed.facts.push_back({"it says", first_line(ran->err)});
    }
    return std::vector<Finding>{std::move(failed)};
}

} // namespace

Result<ExitCode> run_doctor(const DoctorOptions& options, Context& context) {
    std::vector<Finding> findings{check_programs(),
                                  check_kernel(),
                                  check_config(context.options),
                                  check_cache(context.options.cache_folder()),
                                  check_peers()};
    BULLA_TRY_ASSIGN(auto more, ask_oci(options, context.options, findings.front().level));
    findings.insert(findings.end(), more.begin(), more.end());
    BULLA_TRY(context.output.prepare_all("text", findings_text(findings)));
    BULLA_TRY(context.output.prepare_all("json", findings_json(findings)));
    return exit_of(findings);
}

} // namespace bulla::cli
