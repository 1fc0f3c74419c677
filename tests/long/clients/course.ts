// Makes a course of a repository with the types that are generated from the description: node course.js URL TOKEN REPOSITORY
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [url, token, repository] = process.argv.slice(2);
if (!url || !token || !repository) throw new Error("URL TOKEN REPOSITORY");
const api = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

function must<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const made = must(await api.POST("/api/projects/", { body: { title: "Typed", description: "" } }));
const course_id = made.course_id ?? "";
const path = { course_id };
must(await api.POST("/api/courses/{course_id}/generate", { params: { path }, body: { repo_url: repository } as components["schemas"]["GenerateBody"] }));

let status: components["schemas"]["CourseStatusView"];
do {
  await new Promise((resolve) => setTimeout(resolve, 500));
  status = must(await api.GET("/api/course-generation/{course_id}/status", { params: { path } }));
} while (status.status === "STARTED" || status.status === "PENDING" || status.status === "RETRY");
if (status.status !== "SUCCESS") throw new Error(status.error_message ?? status.status);

const contents = must(await api.GET("/api/courses/{course_id}/generated-course/contents", { params: { path } }));
const whole = must(await api.GET("/api/courses/{course_id}/generated-course", { params: { path, query: { limit: 1 } } }));
console.log(JSON.stringify({ title: contents.title, total: whole.total, modules: contents.modules.length, page: whole.modules.length }));
