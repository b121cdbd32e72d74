/** How long a presigned link that the API gives out works, seconds. */
export const linkSeconds = 3600;
