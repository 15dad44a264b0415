-- Requests of `npm run bench` for wrk, and its result as one line of JSON.
--
-- Arguments: `get`, or `mint <key> <campaign> <run>`, or `same <key> <campaign>`.
-- `mint` gives every request an address of its own, so each invites somebody new; `same` invites one person again and again.

local head, tail
local count = 0

function init(args)
  if args[1] == "get" then
    head = wrk.format("GET", nil, { ["Authorization"] = args[2] and ("Bearer " .. args[2]) or nil })
    return
  end
  local mark = "@@@@@@@@"
  local body = string.format(
    '{"campaign_id":"%s","participant_email":"%s.%s@example.com"}', args[3], mark, args[4] or "same")
  local headers = { ["Authorization"] = "Bearer " .. args[2], ["Content-Type"] = "application/json" }
  local text = wrk.format("POST", nil, headers, body)
  if args[1] == "same" then
    head = text:gsub(mark, "00000000")
    return
  end
  local at = text:find(mark, 1, true)
  head, tail = text:sub(1, at - 1), text:sub(at + #mark)
end

function request()
  if not tail then return head end
  count = count + 1
  return head .. string.format("%08d", count) .. tail
end

function done(summary, latency)
  io.write(string.format(
    '\n{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"bytes":%d,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.bytes,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
